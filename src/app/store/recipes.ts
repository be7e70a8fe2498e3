import type { AdapterRecord } from '../../library/types.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';

/**
 * Names of the adapters' recipes by id. Adapters whose settings differ in nothing but the seed are runs of one recipe; others
 * that would have its name get a number. An adapter from elsewhere, without settings, is a recipe of its own.
 */
export function recipesOf(
  adapters: readonly Pick<AdapterRecord, 'id' | 'name' | 'settings'>[],
): Map<string, string> {
  const byContent = new Map<string, string>();
  const used = new Map<string, number>();
  const names = new Map<string, string>();
  for (const { id, name, settings } of adapters) {
    const known = settings as Partial<TrainingSettings> | null;
    const content = known?.positives ? JSON.stringify({ ...known, seed: undefined }) : id;
    let recipe = byContent.get(content);
    if (!recipe) {
      const label = known?.positives ? labelOf(known) : name;
      const count = (used.get(label) ?? 0) + 1;
      used.set(label, count);
      recipe = count === 1 ? label : `${label} (${count})`;
      byContent.set(content, recipe);
    }
    names.set(id, recipe);
  }
  return names;
}

function labelOf({ preset, positives, steps, lora }: Partial<TrainingSettings>): string {
  return [positives, `${preset} preset`, `${steps} steps`, `rank ${lora?.rank}`].join(', ');
}

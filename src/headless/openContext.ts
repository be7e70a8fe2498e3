import { type ChosenBackend, chooseBackend, type Preference } from '../backend/choose/choose.ts';
import { Context } from '../tensor/context.ts';

/** A context on the backend that a command asks for, and how that was chosen. Nothing is kept for the next time. */
export async function openContext(
  preference: Preference,
): Promise<{ context: Context; chosen: ChosenBackend }> {
  const chosen = await chooseBackend({ preference });
  return { context: new Context(chosen.backend), chosen };
}

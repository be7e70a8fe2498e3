import { Alert, Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CaptionSource } from '../../diffusion/captions/schedule.ts';
import { useLibrary } from '../hooks.ts';
import { type CaptionWords, captionWords } from '../store/captionHint.ts';
import { changeOptions, generationStore } from '../store/generationState.ts';
import { generatorStore } from '../store/generator.ts';

/** From this share of unknown words on the captions are worth a hint. */
const MANY = 0.15;
/** Unknown words that are named. */
const NAMED = 5;
/** Typing has paused for so long before the user's own lines are looked at. */
const PAUSE_MS = 400;

/** Says when the generator does not know many words of the chosen captions, and offers its own. */
export function CaptionHint({ source }: { source: CaptionSource }) {
  const own = useStore(generationStore, ({ options }) => options.own);
  const { info, grammar } = useStore(generatorStore);
  const className = useLibrary(({ current }) => current?.className);
  const [words, setWords] = useState<CaptionWords | null>(null);
  const lines = source === 'own' ? own : '';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another generator knows other words
  useEffect(() => {
    setWords(null);
    if (!className || source === 'grammar') return;
    let gone = false;
    const timer = setTimeout(
      () =>
        captionWords(source, lines, className).then(
          (found) => gone || setWords(found),
          // Without an answer there is no hint; drawing checks the prompts again and reports its own errors.
          () => gone || setWords(null),
        ),
      lines ? PAUSE_MS : 0,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [source, lines, className, info?.id]);

  if (!words || words.unknown.length === 0 || words.unknown.length < MANY * words.count) return null;
  const { count, unknown } = words;
  const named = unknown.slice(0, NAMED).join(', ');
  return (
    <Alert color="amber" variant="light" p="xs">
      <Group gap="sm" justify="space-between">
        <Text size="sm" flex="1 1 220px">
          This generator does not know {unknown.length} of the {count} words of these captions
          {unknown.length > NAMED ? `, such as ${named}` : `: ${named}`}. It cannot draw what they say.
        </Text>
        {grammar && (
          <Button size="compact-sm" variant="default" onClick={() => changeOptions({ source: 'grammar' })}>
            Use its own words
          </Button>
        )}
      </Group>
    </Alert>
  );
}

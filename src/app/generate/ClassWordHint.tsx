import { Alert, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { classPrompt } from '../../diffusion/captions/prompts.ts';
import { useLibrary } from '../hooks.ts';
import { theEngine } from '../store/engine.ts';

/** Says when the generator does not know what the subject is one of: it then learns it from nothing. */
export function ClassWordHint({ generatorId }: { generatorId: string }) {
  const className = useLibrary(({ current }) => current?.className);
  const [unknown, setUnknown] = useState<string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another generator knows other words
  useEffect(() => {
    setUnknown([]);
    if (!className) return;
    let gone = false;
    theEngine()
      .checkPrompts([classPrompt(className)])
      .then(
        ([check]) => gone || setUnknown(check!.unknown),
        // Without an answer there is no hint; drawing checks its prompts again and reports its own errors.
        () => {},
      );
    return () => {
      gone = true;
    };
  }, [className, generatorId]);
  if (unknown.length === 0) return null;
  return (
    <Alert color="amber" variant="light" p="xs">
      <Text size="sm">
        This generator does not know the word {unknown.join(', ')}. It learns better from a plain word that it
        knows, such as dog, cat or mug: change it in the subject’s menu, under Rename.
      </Text>
    </Alert>
  );
}

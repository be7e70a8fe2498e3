import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

/** What a Mantine input takes to have a hint that only screen readers meet. */
export interface ReadHint {
  description: string;
  classNames: { description: string };
}

/**
 * A control with a hint that shows on hover, on touch and when the keyboard reaches the control, and that screen readers read
 * with it.
 * @param children the control, given what makes the hint its description
 */
export function Hinted({ hint, children }: { hint: string; children: (read: ReadHint) => ReactElement }) {
  return (
    <Tooltip label={hint} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <div className="hinted">
        {children({ description: hint, classNames: { description: 'only-read' } })}
      </div>
    </Tooltip>
  );
}

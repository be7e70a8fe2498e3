import { Tooltip, VisuallyHidden } from '@mantine/core';
import { type ReactElement, useId } from 'react';

/**
 * A control with a hint that shows on hover, on touch and when the keyboard reaches the control, and that screen readers read
 * with it.
 * @param children the control, given the id for its `aria-describedby`
 */
export function Hinted({ hint, children }: { hint: string; children: (hintId: string) => ReactElement }) {
  const id = useId();
  return (
    <Tooltip label={hint} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <div className="hinted">
        {children(id)}
        <VisuallyHidden id={id}>{hint}</VisuallyHidden>
      </div>
    </Tooltip>
  );
}

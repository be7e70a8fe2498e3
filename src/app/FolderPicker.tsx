import { type ReactNode, useRef } from 'react';

/** A hidden input that takes a folder; `children` gets what opens it. The files come with their paths, clutter included. */
export function FolderPicker({
  label,
  onFiles,
  children,
}: {
  /** For screen readers. */
  label: string;
  onFiles: (files: File[]) => void;
  children: (open: () => void) => ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same folder may be chosen again.
          event.currentTarget.value = '';
          if (files.length) onFiles(files);
        }}
      />
      {children(() => input.current?.click())}
    </>
  );
}

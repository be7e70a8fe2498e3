/** The mark: a face with ears, watching. */
export function Logo({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden role="presentation">
      <rect width="64" height="64" rx="15" fill="#2a1c3f" />
      <g fill="none" stroke="#f4b860" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M14 31 17 13l12 8h6l12-8 3 18c1 14-8 21-18 21S13 45 14 31Z" />
        <circle cx="24.5" cy="33" r="1.5" fill="#f4b860" />
        <circle cx="39.5" cy="33" r="1.5" fill="#f4b860" />
        <path d="m28 42 4 2 4-2" />
      </g>
    </svg>
  );
}

/** Bins of the histogram, from a score of 0 to 1. */
const BINS = 25;
const WIDTH = 220;
const HEIGHT = 56;

/** How many pictures have which score, and where the threshold is. */
export function ScoreHistogram({ scores, threshold }: { scores: number[]; threshold: number | null }) {
  const counts = new Array<number>(BINS).fill(0);
  for (const score of scores) counts[Math.max(0, Math.min(BINS - 1, Math.floor(score * BINS)))]! += 1;
  const most = Math.max(...counts);
  const bar = WIDTH / BINS;
  const label = `Scores of ${scores.length} pictures from ${Math.min(...scores).toFixed(2)} to ${Math.max(...scores).toFixed(2)}`;
  return (
    <svg className="histogram" width={WIDTH} height={HEIGHT + 14} role="img" aria-label={label}>
      {counts.map((count, i) => {
        const height = (HEIGHT * count) / most;
        const from = i / BINS;
        return (
          <rect
            key={from}
            x={i * bar + 1}
            y={HEIGHT - height}
            width={bar - 2}
            height={height}
            data-kept={threshold === null || from >= threshold}
          />
        );
      })}
      {threshold !== null && (
        <line
          x1={threshold * WIDTH}
          x2={threshold * WIDTH}
          y1={0}
          y2={HEIGHT}
          className="histogram-threshold"
        />
      )}
      <text x={0} y={HEIGHT + 12}>
        0
      </text>
      <text x={WIDTH} y={HEIGHT + 12} textAnchor="end">
        1
      </text>
    </svg>
  );
}

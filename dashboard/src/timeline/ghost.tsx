import { memo } from "react";
import type { GhostPoint } from "./arithmetic";

interface GhostProps {
  points: readonly GhostPoint[];
  most: number;
}

/** The period before as a line over the bars: for the eye, whether this is normal. */
export const Ghost = memo(function Ghost({ points, most }: GhostProps) {
  if (points.length < 2) return null;
  const path = points.map(({ place, count }) => `${place * 100},${100 - (count / most) * 100}`).join(" ");
  return (
    <div data-ghost className="pointer-events-none absolute inset-x-0 top-0 bottom-3 text-muted">
      <svg
        aria-hidden
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="size-full overflow-visible"
      >
        <polyline
          points={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1"
          strokeDasharray="3 2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </div>
  );
});

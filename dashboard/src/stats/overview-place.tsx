import { lazy, Suspense } from "react";
import { useFolded } from "../timeline/use-folded";
import { useWide } from "../ui/use-media";
import type { OverviewProps } from "./overview";

const Overview = lazy(() => import("./overview"));

/** Loads the figures over the list, for which the list does not wait, and keeps their place until they come. */
export function OverviewPlace(props: OverviewProps) {
  return (
    <Suspense fallback={<Reserved />}>
      <Overview {...props} />
    </Suspense>
  );
}

function Reserved() {
  const [folded] = useFolded(!useWide());
  return (
    <div className="@container">
      <div className="h-31.5 border-b border-line @[38rem]:h-19.25" />
      <div className={`border-b border-line ${folded ? "h-7" : "h-20"}`} />
    </div>
  );
}

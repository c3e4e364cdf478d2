import { Pause, Play } from "lucide-react";
import { ExportMenu } from "../export/export-menu";
import type { View } from "../filters/view";
import type { Feed } from "../live/feed";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";

interface LogControlsProps {
  view: View;
  /** The list that is exported; null while it is not known. */
  feed: Feed | null;
  paused: boolean;
  onPause: () => void;
}

/** What the bar at the top has for the log alone. */
export function LogControls({ view, feed, paused, onPause }: LogControlsProps) {
  const PauseIcon = paused ? Play : Pause;
  return (
    <>
      <IconButton
        label={paused ? t("Resume live updates") : t("Pause live updates")}
        title={paused ? t("Resume live updates (Space)") : t("Pause live updates (Space)")}
        aria-pressed={paused}
        onClick={onPause}
      >
        <PauseIcon aria-hidden className="size-4" />
      </IconButton>
      <ExportMenu view={view} feed={feed} />
    </>
  );
}

import { ClipboardList, Pause, Play } from "lucide-react";
import { ExportMenu } from "../export/export-menu";
import type { View } from "../filters/view";
import type { Feed } from "../live/feed";
import { Button, IconButton } from "../ui/button";

interface LogControlsProps {
  view: View;
  /** The list that is exported; null while it is not known. */
  feed: Feed | null;
  paused: boolean;
  onPause: () => void;
  reportsOpen: boolean;
  onReports: () => void;
}

/** What the bar at the top has for the log alone. */
export function LogControls(props: LogControlsProps) {
  const { view, feed, paused, onPause, reportsOpen, onReports } = props;
  const PauseIcon = paused ? Play : Pause;
  return (
    <>
      <Button look="quiet" aria-haspopup="dialog" aria-expanded={reportsOpen} onClick={onReports}>
        <ClipboardList aria-hidden className="size-3.5 max-sm:size-4.5" />
        <span className="max-sm:sr-only">Reports</span>
      </Button>
      <IconButton
        label={paused ? "Resume live updates" : "Pause live updates"}
        title={paused ? "Resume live updates (Space)" : "Pause live updates (Space)"}
        aria-pressed={paused}
        onClick={onPause}
      >
        <PauseIcon aria-hidden className="size-4" />
      </IconButton>
      <ExportMenu view={view} feed={feed} />
    </>
  );
}

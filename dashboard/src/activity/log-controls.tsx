import { ClipboardList, Pause, Play } from "lucide-react";
import { Button, IconButton } from "../ui/button";

interface LogControlsProps {
  paused: boolean;
  onPause: () => void;
  reportsOpen: boolean;
  onReports: () => void;
}

/** What the bar at the top has for the log alone. */
export function LogControls({ paused, onPause, reportsOpen, onReports }: LogControlsProps) {
  const PauseIcon = paused ? Play : Pause;
  return (
    <>
      <Button look="quiet" aria-haspopup="dialog" aria-expanded={reportsOpen} onClick={onReports}>
        <ClipboardList aria-hidden className="size-3.5 max-sm:size-4.5" />
        <span className="max-sm:sr-only">Reports</span>
      </Button>
      <IconButton
        label={paused ? "Resume live updates" : "Pause live updates"}
        aria-pressed={paused}
        onClick={onPause}
      >
        <PauseIcon aria-hidden className="size-4.5" />
      </IconButton>
    </>
  );
}

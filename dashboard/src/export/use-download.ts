import { useEffect, useRef, useState } from "react";
import { t } from "../texts/texts";
import { download, type Progress, saveFile } from "./download";

export type DownloadState =
  | { step: "idle" }
  | { step: "reading"; progress: Progress }
  | { step: "saved"; progress: Progress; name: string }
  | { step: "cancelled" }
  | { step: "failed"; message: string };

const NOTHING: Progress = { rows: 0, bytes: 0 };

/** Reads an export and saves it. Leaving the dialog calls it off. */
export function useDownload() {
  const [state, setState] = useState<DownloadState>({ step: "idle" });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (path: string) => {
    const controller = new AbortController();
    running.current = controller;
    setState({ step: "reading", progress: NOTHING });
    try {
      const { file, name, ...progress } = await download(
        path,
        (progress) => setState({ step: "reading", progress }),
        controller.signal,
      );
      saveFile(file, name);
      setState({ step: "saved", progress, name });
    } catch (error) {
      if (controller.signal.aborted) return setState({ step: "cancelled" });
      const message = error instanceof Error ? error.message : String(error);
      setState({
        step: "failed",
        message: `${t("The export broke off, and no file was saved.")} ${message}`,
      });
    }
  };
  return { state, start, cancel: () => running.current?.abort() };
}

import { useEffect } from "react";

const PRODUCT = "Livetrail";

/** What the browser's tab is called while the page is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
    return () => {
      document.title = PRODUCT;
    };
  }, [title]);
}

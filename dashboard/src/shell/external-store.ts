/** Stands in for a shim of older versions of React, which two libraries load: this one has the hook itself. */
export { useSyncExternalStore } from "react";

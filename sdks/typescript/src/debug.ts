/** Says what the client does, where the application asked for it. The text is made only then. */
export type Debug = (say: () => string) => void;

export function debugLog(isOn: boolean): Debug {
  if (!isOn) return () => {};
  return (say) => {
    try {
      // As warnings, which Node prints beside the output of a program.
      console.warn(`livetrail: ${say()}`);
    } catch {
      // Recording goes on without a console.
    }
  };
}

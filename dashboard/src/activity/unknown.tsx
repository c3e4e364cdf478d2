/** Stands where nothing is known, and says so to those who listen. */
export const Unknown = () => (
  <span className="text-faint">
    <span aria-hidden>–</span>
    <span className="sr-only">unknown</span>
  </span>
);

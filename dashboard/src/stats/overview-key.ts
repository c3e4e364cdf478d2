/** All figures that are shown together are kept under this, and asked for anew together. */
export const OVERVIEW_KEY = "overview";

/** The drawers' widths, and the width of the screen from which both the page and a drawer can be used side by side. */
export const DRAWERS = {
  narrow: { width: "md:w-[30rem] lg:w-(--pane)", beside: "(min-width: 64rem)", room: "lg:pr-(--pane)" },
  wide: { width: "md:w-[min(46rem,100vw)]", beside: "(min-width: 96rem)", room: "2xl:pr-[46rem]" },
} as const;

export type DrawerSize = keyof typeof DRAWERS;

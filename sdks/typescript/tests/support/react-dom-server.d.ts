/** The part of react-dom/server that tests use. */
declare module "react-dom/server" {
  export function renderToString(element: unknown): string;
}

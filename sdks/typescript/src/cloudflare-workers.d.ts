declare module "cloudflare:workers" {
  export const waitUntil: ((task: Promise<unknown>) => void) | undefined;
}

import type { Device } from "../api/types";

export const deviceText = (device: Device | null): string | null =>
  device && ([device.browser, device.os].filter(Boolean).join(" · ") || device.class);

/** Without versions, which the detail has. */
export const shortDevice = (device: Device | null): string | null =>
  deviceText(device && { ...device, browser: unversioned(device.browser), os: unversioned(device.os) });

const unversioned = (name: string | null): string | null => name?.replace(/ [\d.]+$/, "") ?? null;

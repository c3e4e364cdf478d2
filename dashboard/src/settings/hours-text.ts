import { plural, t } from "../texts/texts";

/** How long activities are kept, in words. */
export const hoursText = (hours: number | null): string =>
  hours === null
    ? t("Without an end")
    : hours % 24 === 0
      ? plural(hours / 24, "{count} day", "{count} days")
      : plural(hours, "{count} hour", "{count} hours");

import { t } from "../texts/texts";

/** A key as keyboards of the reader's language call it. */
export const keyName = (key: string): string => (key === "Space" ? t("Space") : key);

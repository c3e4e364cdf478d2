/** Whether the server has another page than this one: its files are named by what is in them. */
import { LOG_PATH } from "../paths";

/** The file that this page began with; null in development, where its name says nothing. */
function ownEntry(): string | null {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src*="/assets/"]');
  return script ? new URL(script.src).pathname : null;
}

/** False where that cannot be known. */
export async function isUpdated(entry = ownEntry()): Promise<boolean> {
  if (!entry) return false;
  try {
    const response = await fetch(LOG_PATH, { headers: { Accept: "text/html" }, cache: "no-store" });
    const page = response.ok ? await response.text() : "";
    return page.includes("/assets/") && !page.includes(entry);
  } catch {
    return false;
  }
}

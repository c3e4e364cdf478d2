/** Copies text; resolves to whether it worked. Pages served by plain HTTP have no clipboard API. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const holder = document.createElement("textarea");
  holder.value = text;
  holder.className = "fixed -top-96";
  (document.querySelector("dialog[open]") ?? document.body).append(holder);
  holder.select();
  const copied = document.execCommand("copy");
  holder.remove();
  return copied;
}

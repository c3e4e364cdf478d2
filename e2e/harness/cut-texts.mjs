// @ts-check

/**
 * The texts inside these elements that are cut at their end, whether by an ellipsis or by the edge of a box.
 * @param {import("playwright-core").Page} page
 * @param {string} selector
 * @returns {Promise<string[]>}
 */
export function cutTexts(page, selector) {
  return page.locator(selector).evaluateAll((roots) => {
    /** @param {Element} element */
    const isCut = (element) => {
      const { overflowX, overflowY } = getComputedStyle(element);
      // One that is for readers of screens only is a pixel wide.
      if (element.clientWidth < 2) return false;
      const hides = (/** @type {string} */ value) => value === "hidden" || value === "clip";
      return (
        (hides(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        // Letters may be some pixels higher than a narrow line. A line that is missing is higher.
        (hides(overflowY) && element.scrollHeight > element.clientHeight + 6)
      );
    };
    return roots
      .flatMap((root) => [root, ...root.querySelectorAll("*")])
      .filter((element) => element.checkVisibility() && element.textContent && isCut(element))
      .map((element) => element.textContent ?? "");
  });
}

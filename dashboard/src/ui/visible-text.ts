/** The SDK draws the same texts in the pages of applications. */
export { piecesOf, visibleText } from "@livetrail/sdk/display/visible-text";

/** The SDK names users alike in the pages of applications. */
export { isAnonymous, userName, userSubtitle } from "@livetrail/sdk/display/user-name";

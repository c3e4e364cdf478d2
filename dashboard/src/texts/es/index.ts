/** The texts of the page in Spanish, a file for each of its rooms. */
import activity from "./activity";
import alerts from "./alerts";
import common from "./common";
import detail from "./detail";
import exporting from "./export";

import facets from "./facets";
import filters from "./filters";
import health from "./health";
import keys from "./keys";
import live from "./live";
import palette from "./palette";
import reports from "./reports";
import session from "./session";
import settings from "./settings";
import shell from "./shell";
import signIns from "./sign-ins";
import states from "./states";
import stats from "./stats";
import subjects from "./subjects";
import table from "./table";
import timeline from "./timeline";
import times from "./times";
import toasts from "./toasts";
import ui from "./ui";
import values from "./values";
import views from "./views";

export default {
  ...activity,
  ...alerts,
  ...common,
  ...detail,
  ...exporting,
  ...facets,
  ...filters,
  ...health,
  ...keys,
  ...live,
  ...palette,
  ...reports,
  ...session,
  ...settings,
  ...shell,
  ...signIns,
  ...states,
  ...stats,
  ...subjects,
  ...table,
  ...timeline,
  ...times,
  ...toasts,
  ...ui,
  ...values,
  ...views,
};

export { default as actions } from "./actions";
export { default as rules } from "./rules";

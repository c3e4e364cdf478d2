import type da from "../da/filters";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

import type da from "../da/values";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

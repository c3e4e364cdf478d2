import type da from "../da/states";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

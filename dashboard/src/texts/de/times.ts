import type da from "../da/times";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

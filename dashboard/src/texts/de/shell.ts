import type da from "../da/shell";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

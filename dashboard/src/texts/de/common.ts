import type da from "../da/common";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

import type da from "../da/reports";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

import type da from "../da/timeline";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

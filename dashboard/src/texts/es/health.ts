import type da from "../da/health";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

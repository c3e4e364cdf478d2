import type da from "../da/export";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

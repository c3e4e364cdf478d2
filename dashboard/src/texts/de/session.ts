import type da from "../da/session";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

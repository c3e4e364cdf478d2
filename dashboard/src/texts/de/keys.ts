import type da from "../da/keys";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

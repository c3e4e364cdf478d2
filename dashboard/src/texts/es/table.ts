import type da from "../da/table";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;

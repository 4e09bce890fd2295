// The devices that the radio plays: a feeder, a valve that sleeps and has a timer, two that are told by
// datapoints, and one that stays open until it is closed.
"use strict";

const OK = 0x00;
const UNSUPPORTED = 0x86;
const TYPE = {boolean: 0x10, uint8: 0x20, uint16: 0x21, uint32: 0x23, octets: 0x41};
const AQARA = 0x115f;

class Device {
    constructor(number, name) {
        this.name = name;
        this.ieee = `0x00158d000000000${number}`;
        this.network = 1000 + number;
        this.reachable = true;
        this.losesAnswers = false;
        this.status = OK;
        this.delay = 20;
        this.patience = 100;
        this.attributes = new Map([["0/0", {type: TYPE.uint8, value: () => 3}]]);
        this.orders = {
            hide: () => (this.reachable = false),
            appear: () => (this.reachable = true),
            refuse: ({status}) => (this.status = status),
            obey: () => (this.status = OK),
            lose_answers: () => (this.losesAnswers = true),
            keep_answers: () => (this.losesAnswers = false),
            slow_down: ({milliseconds}) => (this.delay = milliseconds),
            announce: () => this.air.announce(),
            mend: () => this.mend(),
        };
    }

    mend() {
        this.reachable = true;
        this.losesAnswers = false;
        this.status = OK;
        this.delay = 20;
    }

    // What it did because it was told to, beside what passes the radio.
    did(kind, payload = {}) {
        this.air.did(kind, payload);
    }

    answer(frame) {
        if (!frame.header.isGlobal) {
            if (this.status === OK) this.carryOut(frame);
            return {command: "defaultRsp", payload: {cmdId: frame.command.ID, statusCode: this.status}};
        }
        const answering = {read: this.read, write: this.write, configReport: this.configure}[frame.command.name];
        return answering?.call(this, frame);
    }

    carryOut() {}

    read(frame) {
        const payload = frame.payload.map(({attrId}) => {
            const known = this.attributes.get(`${frame.cluster.ID}/${attrId}`);
            if (known === undefined) return {attrId, status: UNSUPPORTED};
            return {attrId, status: OK, dataType: known.type, attrData: known.value()};
        });
        return {command: "readRsp", payload};
    }

    write(frame) {
        if (this.status === OK) for (const {attrId, attrData} of frame.payload) this.written(frame, attrId, attrData);
        return {command: "writeRsp", payload: [{status: this.status}]};
    }

    written() {}

    configure() {
        return {command: "configReportRsp", payload: [{status: OK}]};
    }
}

class Feeder extends Device {
    // Reports with a delay each, in the order that is given; which order a real one has is not known.
    constructor(number, name) {
        super(number, name);
        this.serving = 1;
        this.grams = 8;
        this.portions = 0;
        this.jammed = false;
        this.attributes.set("64704/65521", {type: TYPE.octets, value: () => this.message(0x0d0b0055, [0])});
        Object.assign(this.orders, {
            press: ({portions}) => this.dispense("manual", portions),
            feed_by_schedule: ({portions}) => this.dispense("schedule", portions),
            tell_schedule: ({lines}) => this.tell(0x080008c8, Buffer.from(lines)),
            jam: () => (this.jammed = true),
            clear: () => (this.jammed = false),
            turn_day: () => {
                this.portions = 0;
                this.count();
            },
        });
    }

    mend() {
        super.mend();
        this.jammed = false;
    }

    report() {
        this.count();
    }

    message(what, bytes) {
        const head = Buffer.alloc(8);
        head.writeUInt8(2, 1);
        head.writeInt32BE(what, 3);
        head.writeUInt8(bytes.length, 7);
        return Buffer.concat([head, Buffer.from(bytes)]);
    }

    tell(what, bytes) {
        this.air.report(0xfcc0, [[0xfff1, TYPE.octets, this.message(what, bytes)]], {manufacturer: AQARA});
    }

    written(frame, attribute, value) {
        const what = value.readInt32BE(3);
        if (what === 0x0e5c0055) {
            this.serving = value.readUInt32BE(8);
            setTimeout(() => this.tell(what, [this.serving]), 150);
        } else if (what === 0x04150055) {
            setTimeout(() => this.tell(what, [0]), 100);
            setTimeout(() => this.dispense("remote", this.serving), 200);
        }
    }

    dispense(source, portions) {
        if (this.jammed) {
            this.tell(0x0d0b0055, [1]);
            return;
        }
        this.portions += portions;
        if (source === "remote") this.did("feed", {portions});
        const by = {schedule: "00", manual: "01", remote: "02"}[source];
        this.tell(0x041502bc, Buffer.from(`${by}${String(portions).padStart(2, "0")}`));
        this.count();
    }

    count() {
        const portions = Buffer.alloc(2);
        portions.writeUInt16BE(this.portions);
        this.tell(0x0d680055, portions);
        const grams = Buffer.alloc(4);
        grams.writeUInt32BE(this.portions * this.grams);
        this.tell(0x0d690055, grams);
    }
}

class Valve extends Device {
    constructor(number, name) {
        super(number, name);
        this.open = false;
        this.stuck = false;
        this.attributes.set("6/0", {type: TYPE.boolean, value: () => Number(this.open)});
        Object.assign(this.orders, {
            stick: () => (this.stuck = true),
            free: () => (this.stuck = false),
            press: () => this.turn(!this.open),
        });
    }

    mend() {
        super.mend();
        this.stuck = false;
    }

    report() {
        this.tellState();
    }

    turn(open) {
        clearTimeout(this.timer);
        if (this.stuck) return;
        this.open = open;
        this.tellState();
    }

    tellState() {
        this.air.report(6, [[0, TYPE.boolean, Number(this.open)]]);
    }

    carryOut(frame) {
        if (frame.cluster.name !== "genOnOff") return;
        const {name} = frame.command;
        setTimeout(() => {
            if (name === "onWithTimedOff") this.turnFor(frame.payload.ontime);
            else this.turn(name === "on" || (name === "toggle" && !this.open));
        }, 100);
    }

    turnFor() {
        this.turn(true);
    }
}

class TimedValve extends Valve {
    // Sleeps, and counts the seconds itself.
    constructor(number, name) {
        super(number, name);
        for (const attribute of [0x500c, 0x5011]) {
            this.attributes.set(`${0xfc11}/${attribute}`, {type: TYPE.uint16, value: () => 0});
        }
        this.attributes.set("1/33", {type: TYPE.uint8, value: () => 180});
        this.attributes.set("32/0", {type: TYPE.uint32, value: () => 14_400});
        this.litres = 0;
        Object.assign(this.orders, {
            check_in: () => this.air.say("genPollCtrl", "checkin", {}),
            tell_battery: () => this.air.report(1, [[33, TYPE.uint8, 180]]),
        });
    }

    turnFor(seconds) {
        this.turn(true);
        this.began = Math.floor(Date.now() / 1000);
        this.tellEwelink(0x500d, this.began);
        this.timer = setTimeout(() => this.finish(seconds), seconds * 1000);
    }

    finish(seconds) {
        this.turn(false);
        this.litres += seconds;
        this.tellEwelink(0x5006, seconds);
        this.tellEwelink(0x5007, seconds);
        this.tellEwelink(0x500e, this.began + seconds);
        this.tellEwelink(0x500f, this.litres);
    }

    tellEwelink(attribute, value) {
        this.air.report(0xfc11, [[attribute, TYPE.uint32, value]]);
    }
}

class DatapointValve extends Device {
    // Speaks datapoints: the gateway hears no more than that the frame has arrived.
    constructor(number, name) {
        super(number, name);
        this.sequence = 0;
        this.minute = Number(process.env.RADIO_MINUTE) || 2000;
        this.open = false;
        this.stuck = false;
        Object.assign(this.orders, {
            tell_battery: () => this.tell(11, 2, [0, 0, 0, 90]),
            tell_state: () => this.tellState(),
            count_minutes: ({milliseconds}) => (this.minute = milliseconds),
            end_run: () => this.turn(false),
            stick: () => (this.stuck = true),
        });
    }

    mend() {
        super.mend();
        this.stuck = false;
    }

    report() {
        this.tellState();
    }

    carryOut(frame) {
        if (frame.command.name !== "dataRequest") return;
        for (const {dp, data} of frame.payload.dpValues) {
            setTimeout(() => this.obey(dp, data), 100);
        }
    }

    obey(point, data) {
        if (point === 1) {
            this.did(data[0] === 1 ? "open" : "close");
            this.turn(data[0] === 1);
        }
        if (point === 109) this.turnFor(data.readUInt32BE(0));
    }

    turn(open) {
        clearTimeout(this.timer);
        if (open || !this.stuck) this.open = open;
        this.tellState();
        if (!this.open) this.tellLeft(0);
    }

    tellState() {
        this.tell(1, 1, [Number(this.open)]);
        this.tell(3, 4, [this.open ? 3 : 0]);
    }

    turnFor(minutes) {
        this.did("open_for", {minutes});
        this.turn(true);
        this.tellLeft(minutes);
        this.timer = setTimeout(() => this.turn(false), minutes * this.minute);
    }

    tellLeft(minutes) {
        this.tell(6, 2, [0, 0, 0, minutes]);
    }

    tell(dp, datatype, bytes) {
        this.sequence += 1;
        const dpValues = [{dp, datatype, data: Buffer.from(bytes)}];
        this.air.say("manuSpecificTuya", "dataReport", {seq: this.sequence, dpValues});
    }
}

exports.devices = [
    new Feeder(1, "feeder"),
    new TimedValve(2, "timed_valve"),
    new DatapointValve(3, "datapoint_valve"),
    new Valve(4, "plain_valve"),
    new DatapointValve(5, "second_valve"),
];

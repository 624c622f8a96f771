// Submits three jobs and works them over gRPC, two by the unary calls and one over the stream. Knows nothing of Pulse but its
// published proto file:  npm install && node square.mjs [localhost:50051 [path/to/pulse.proto]]
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
const address = process.argv[2] ?? "localhost:50051";
const proto = process.argv[3] ?? new URL("../../pulse-protocol/src/main/proto/pulse/v1/pulse.proto", import.meta.url).pathname;
const { pulse } = grpc.loadPackageDefinition(loader.loadSync(proto, { keepCase: true, enums: String, longs: String }));
const client = new pulse.v1.PulseService(address, grpc.credentials.createInsecure());
const call = (method, request) => new Promise((ok, no) => client[method](request, (e, answer) => (e ? no(e) : ok(answer))));

for (let n = 1; n <= 3; n++) {
  const { job } = await call("SubmitJob", { job: { type: "node-square", payload: { data: Buffer.from(String(n)) } } });
  console.log("submitted", job.id, job.status);
}
const { session_id } = await call("OpenSession", { hello: { worker: "node", types: ["node-square"] } });
const { jobs } = await call("ClaimJobs", { session_id, max: 2, wait: { seconds: 5 } });
await call("Heartbeat", { session_id, held: jobs.map((j) => j.token) });
const { answers } = await call("ReportResults", { session_id, reports: jobs.map(({ job, token }) => ({
  job_id: job.id, token, outcome: "OUTCOME_ACK",
  result: { data: Buffer.from(String(Number(job.payload.data) ** 2)) } })) });
console.log("unary trio:", answers.map((a) => a.answer).join(" "));
await call("CloseSession", { session_id });

const stream = client.StreamJobs();
await new Promise((done, no) => {
  stream.on("error", no);
  stream.on("data", ({ welcome, assignments, answers }) => {
    if (welcome) { console.log("stream: welcome", welcome.session_id); stream.write({ credits: { n: 1 } }); }
    if (assignments) for (const { job, token } of assignments.jobs)
      stream.write({ reports: { reports: [{ job_id: job.id, token, outcome: "OUTCOME_ACK",
        result: { data: Buffer.from(String(Number(job.payload.data) ** 2)) } }] } });
    if (answers) { console.log("stream:", answers.answers[0].answer); stream.write({ goodbye: {} }); stream.end(); done(); }
  });
  stream.write({ hello: { worker: "node", types: ["node-square"], slots: 1 } });
});
const listed = await call("ListJobs", { filter: { type: "node-square" } });
for (const job of listed.items) console.log(job.id, job.status, "result", String(job.result?.data));
client.close();

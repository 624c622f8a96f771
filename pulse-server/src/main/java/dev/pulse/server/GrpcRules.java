package dev.pulse.server;

import dev.pulse.model.Permission;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rule of each method of {@code pulse.v1.PulseService}. A method without one stops the start. */
final class GrpcRules {
    private static final Map<String, Rule> RULES = rules();

    private GrpcRules() {}

    /** The rule of a method; health is for everybody, and what else the door offers for those who have signed in. */
    static Rule of(MethodDescriptor<?, ?> method) {
        if (PulseServiceGrpc.SERVICE_NAME.equals(method.getServiceName())) {
            Rule rule = RULES.get(method.getBareMethodName());
            if (rule == null) {
                throw new IllegalStateException("no rule says who may call " + method.getFullMethodName());
            }
            return rule;
        }
        return "grpc.health.v1.Health".equals(method.getServiceName()) ? Rule.PUBLIC : Rule.SIGNED_IN;
    }

    /** Fails where somebody added a method and no rule. */
    static void requireComplete() {
        PulseServiceGrpc.getServiceDescriptor().getMethods().forEach(GrpcRules::of);
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        add(rules, Rule.inQueues(Permission.SUBMIT), "SubmitJob SubmitJobs CreateBundle DeclareSchedules");
        add(
                rules,
                Rule.inQueues(Permission.READ),
                "GetJob GetJobLogs WaitJob ListJobs GetBulkOperation ListBulkOperations GetBundle WaitBundle ListBundles"
                        + " GetSchedule ListSchedules ListScheduleJobs ListScheduleFires ListQueues WatchEvents");
        add(
                rules,
                Rule.inQueues(Permission.OPERATE),
                "CancelJob RequeueJob RunJobNow DeleteJob BulkJobs StopBulkOperation CancelBundle DeleteBundle"
                        + " CreateSchedule UpdateSchedule PauseSchedule ResumeSchedule RunScheduleNow DeleteSchedule"
                        + " PauseQueue ResumeQueue SetQueueLimits");
        add(
                rules,
                Rule.inQueues(Permission.WORK),
                "StreamJobs OpenSession ClaimJobs ReportResults Heartbeat CloseSession");
        add(rules, Rule.anywhere(Permission.READ), "PreviewSchedule");
        add(
                rules,
                Rule.system(Permission.READ),
                "ListAudit GetDispatchStatus ListTypes GetStats GetThroughput ListWorkers ListServers GetHealth"
                        + " ListSubscriptions ListParkedEvents");
        add(rules, Rule.system(Permission.WORK), "CreateSubscription LeaseEvents AckEvents FailEvent");
        add(
                rules,
                Rule.system(Permission.OPERATE),
                "PauseDispatch ResumeDispatch PauseType ResumeType SetTypeLimits DeleteSubscription ReleaseParkedEvents");
        add(rules, Rule.system(Permission.ADMINISTER), "CreateKey ListKeys RevokeKey");
        return rules;
    }

    private static void add(Map<String, Rule> rules, Rule rule, String methods) {
        for (String method : methods.split(" ", -1)) {
            rules.put(method, rule);
        }
    }
}

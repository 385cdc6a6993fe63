import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.jacoco.core.analysis.*;
import org.jacoco.core.data.*;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.*;
import org.jacoco.report.*;
import org.jacoco.report.xml.XMLFormatter;

/** Runs one class under JaCoCo's own core and writes its XML report: classes, class name, output. */
public class Report {
    public static void main(String[] args) throws Exception {
        Path classes = Path.of(args[0]);
        byte[] original = Files.readAllBytes(classes.resolve(args[1].replace('.', '/') + ".class"));
        IRuntime runtime = new LoggerRuntime();
        byte[] instrumented = new Instrumenter(runtime).instrument(original, args[1]);
        RuntimeData data = new RuntimeData();
        runtime.startup(data);
        Class<?> subject = new ClassLoader() {
            Class<?> define() { return defineClass(args[1], instrumented, 0, instrumented.length); }
        }.define();
        ((Runnable) subject.getDeclaredConstructor().newInstance()).run();
        ExecutionDataStore executed = new ExecutionDataStore();
        SessionInfoStore sessions = new SessionInfoStore();
        data.collect(executed, sessions, false);
        runtime.shutdown();
        CoverageBuilder built = new CoverageBuilder();
        new Analyzer(executed, built).analyzeAll(classes.toFile());
        try (OutputStream out = new FileOutputStream(args[2])) {
            IReportVisitor visitor = new XMLFormatter().createVisitor(out);
            visitor.visitInfo(List.of(), executed.getContents());
            visitor.visitBundle(built.getBundle("stock"), null);
            visitor.visitEnd();
        }
    }
}

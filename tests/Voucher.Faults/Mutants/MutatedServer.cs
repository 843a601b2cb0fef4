using Voucher.Faults.Processes;

namespace Voucher.Faults.Mutants;

/// <summary>A copy of the server's sources with a mutant's edits, built in a folder of its own. The true sources stay as they are.</summary>
public static class MutatedServer
{
    private static readonly IReadOnlyList<string> Projects = ["Voucher.Core", "Voucher.Server"];

    /// <returns>The settings with which the mutant is run.</returns>
    /// <exception cref="InvalidOperationException">An edit does not fit in exactly one place, or the result does not build.</exception>
    public static async Task<RunSettings> BuildAsync(RunSettings settings, Mutant mutant)
    {
        var folder = settings.PathTo(mutant.Name);
        Directory.CreateDirectory(folder);
        if (mutant.Edits.Count == 0) return settings with { Folder = folder };
        var sources = Path.Combine(folder, "sources");
        Copy(sources);
        foreach (var edit in mutant.Edits) await ApplyAsync(Path.Combine(sources, "src", "Voucher.Server", edit.File), edit, mutant);
        var project = Path.Combine(sources, "src", "Voucher.Server");
        // A mutant need not be pretty: the analyzers stay out of it.
        await OwnProcess.RunAsync(settings with { Folder = sources }, Path.Combine(folder, "build.log"),
            ["dotnet", "build", project, "-c", "Release", "--nologo", "-v", "quiet", "--disable-build-servers", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false"]);
        return settings with { Folder = folder, Server = Path.Combine(project, "bin", "Release", Framework, "Voucher.Server.dll") };
    }

    private static string Framework => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name;

    private static async Task ApplyAsync(string path, Edit edit, Mutant mutant)
    {
        var text = await File.ReadAllTextAsync(path);
        var places = text.Split(edit.Find).Length - 1;
        if (places != 1) throw new InvalidOperationException($"Mutant {mutant.Name} is out of date: '{edit.Find}' fits {places} places of {edit.File}, not one.");
        await File.WriteAllTextAsync(path, text.Replace(edit.Find, edit.Replace, StringComparison.Ordinal));
    }

    private static void Copy(string target)
    {
        var root = new DirectoryInfo(RepositoryRoot.Folder);
        Directory.CreateDirectory(target);
        foreach (var file in root.EnumerateFiles().Where(file => file.Name.StartsWith("Directory.", StringComparison.Ordinal) || file.Name is "global.json" or "BannedSymbols.txt"))
            file.CopyTo(Path.Combine(target, file.Name));
        foreach (var project in Projects) CopyFolder(new DirectoryInfo(RepositoryRoot.PathTo("src", project)), Path.Combine(target, "src", project));
        // The browser's libraries lie in wwwroot already: this mark says that npm need not fetch them.
        var mark = Path.Combine(target, "src", "Voucher.Server", "node_modules", ".installed");
        Directory.CreateDirectory(Path.GetDirectoryName(mark)!);
        File.WriteAllText(mark, "");
    }

    private static void CopyFolder(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories().Where(folder => folder.Name is not ("bin" or "obj" or "node_modules")))
            CopyFolder(folder, Path.Combine(to, folder.Name));
    }
}

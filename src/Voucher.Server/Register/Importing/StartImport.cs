namespace Voucher.Server.Register.Importing;

/// <summary>An upload that was accepted.</summary>
/// <param name="SameAs">An earlier import of the very same file: nothing will change, which is worth saying.</param>
public sealed record StartedImport(long Id, int Rows, long? SameAs);

/// <summary>
/// Takes in an upload: what is wrong with the file as a whole is said at once, the rows are read in the background. What its
/// columns are is remembered from the last file of the layout, or guessed by the titles.
/// </summary>
public sealed class StartImport(
    ImportStore imports, LayoutStore layouts, ImportWorker worker, PersonalData personalData, Operating.Meters meters, TimeProvider clock) : IDisposable
{
    /// <summary>Files are unpacked one after the other, so that many uploads at once do not fill the memory.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>What is known of a file after a first reading.</summary>
    private sealed record Look(FileScreen Screen, ColumnChoice Choice, int Rows, bool IsUnderstood);

    /// <param name="list">Name of the list that everyone in the file is put on; empty: none.</param>
    /// <param name="isAsked">A clerk confirms the columns and sees a dry run before anything is imported.</param>
    public async Task<Outcome<StartedImport>> RunAsync(IFormFile? file, string? list, bool isAsked, Actor actor, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        if (ProblemOfList(list) is { } listProblem) errors.Add(new("list", listProblem));
        if (UploadedFile.ProblemOf(file) is { } fileProblem) errors.Add(fileProblem);
        if (errors.Count > 0) return errors;
        var upload = await UploadedFile.ReadAsync(file!, cancel);
        await _oneAtATime.WaitAsync(cancel);
        Look look;
        try
        {
            look = await LookAsync(upload, isAsked);
        }
        catch (UnusableFileException unusable)
        {
            return new List<FieldError> { new("file", unusable.Problem) };
        }
        finally
        {
            _oneAtATime.Release();
        }
        return await StoreAsync(upload, look, list?.Trim() is { Length: > 0 } named ? named : null, isAsked, actor);
    }

    /// <summary>Reads the whole file once without keeping it: counts rows, and finds damage before anything is written.</summary>
    private async Task<Look> LookAsync(UploadedFile upload, bool isAsked)
    {
        var file = RegisterFile.OpenAny(upload.Name, upload.Content);
        var remembered = await layouts.FindAsync(file.Header.Titles);
        if (remembered is not null) file = file.With(remembered);
        if (!file.Header.IsComplete && !isAsked) throw RegisterFile.NoHeader();
        var (rows, hidden) = FileNotes.Count(file, UploadLimits.MostRows);
        var isUnderstood = file.Header.IsComplete && (remembered is not null || file.Header.NotUsed.Count == 0);
        return new(FileScreen.Of(file, hidden), new(file.Header.Columns, file.Header.Dates), rows, isUnderstood);
    }

    private async Task<StartedImport> StoreAsync(UploadedFile upload, Look look, string? list, bool isAsked, Actor actor)
    {
        var hash = personalData.ContentHash(upload.Content);
        var same = await imports.FindSameFileAsync(hash);
        var notes = look.Screen.NotesWith(look.Choice);
        var id = await imports.AddAsync(
            new(upload.Name, hash, personalData.SealBytes(upload.Content), list, look.Rows, WithSame(notes, same))
            {
                Status = !isAsked ? ImportStatus.Waiting : look.IsUnderstood ? ImportStatus.Checking : ImportStatus.Columns,
                Screen = isAsked ? look.Screen : look.Screen with { Sample = [] },
                Choice = look.Choice,
            }, actor.Account, clock.GetUtcNow());
        worker.Wake();
        meters.Uploaded(upload.Content.Length);
        return new StartedImport(id, look.Rows, same?.Id);
    }

    private static Words WithSame(Words notes, (long Id, DateTimeOffset At)? same) => same is not { } earlier ? notes : FileNotes.Add(notes, new(
        $"与 {CountyTime.Show(earlier.At)} 导入的文件（第 {earlier.Id} 号）内容完全相同。",
        $"The very same file was imported at {CountyTime.Show(earlier.At)} (no. {earlier.Id})."));

    private static Words? ProblemOfList(string? list)
    {
        if (list is null) return null;
        var name = new Cell(list).Clean();
        if (name is null || name != list.Trim()) return new("名称里有多余的空白或不可见字符", "The name has superfluous blanks or invisible characters");
        return name.EnumerateRunes().Count() <= UploadLimits.LongestListName
            ? null
            : new($"名称最多 {UploadLimits.LongestListName} 字", $"At most {UploadLimits.LongestListName} characters");
    }

    public void Dispose() => _oneAtATime.Dispose();
}

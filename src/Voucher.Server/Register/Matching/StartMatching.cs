using Voucher.Core.Matching;
using Voucher.Server.Api;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>A list that was taken in.</summary>
public sealed record StartedMatch(long Id, int Rows);

/// <summary>精准比对: takes in another office's list; what is wrong with the file as a whole is said at once.</summary>
public sealed class StartMatching(MatchStore matches, MatchWorker worker, PersonalData personalData, Operating.Meters meters, TimeProvider clock) : IDisposable
{
    /// <summary>Files are unpacked one after the other, so that many uploads at once do not fill the memory.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <param name="source">Which list it is.</param>
    /// <param name="asOf">The day that the list describes; not after today.</param>
    /// <param name="complete"><c>true</c>: the list names everybody of its source on that day. Else, and when nothing is said, it only adds.</param>
    public async Task<Outcome<StartedMatch>> RunAsync(IFormFile? file, MatchSource? source, DateOnly? asOf, string? complete, Actor actor, CancellationToken cancel)
    {
        var read = new FieldReader();
        if (source is not { } list || !Enum.IsDefined(list)) read.Fault("source", new("请选择名单来源", "Choose which list it is"));
        var day = read.Day("asOf", asOf);
        if (asOf is not null && day > CountyTime.DayOf(clock.GetUtcNow())) read.Fault("asOf", new("不能晚于今天", "Not after today"));
        var isComplete = false;
        if (!string.IsNullOrEmpty(complete) && !bool.TryParse(complete, out isComplete))
            read.Fault("complete", new("请选择全量名单或增量名单", "Say whether the list is complete or an addition"));
        if (UploadedFile.ProblemOf(file) is { } problem) read.Errors.Add(problem);
        if (read.Errors.Count > 0) return read.Errors;
        return await StoreAsync(await UploadedFile.ReadAsync(file!, cancel), source!.Value, day, isComplete, actor, cancel);
    }

    private async Task<Outcome<StartedMatch>> StoreAsync(
        UploadedFile file, MatchSource source, DateOnly asOf, bool isComplete, Actor actor, CancellationToken cancel)
    {
        (int Rows, Words Notes) checkedFile;
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            checkedFile = Check(file);
        }
        catch (UnusableFileException unusable)
        {
            return new List<FieldError> { new("file", unusable.Problem) };
        }
        finally
        {
            _oneAtATime.Release();
        }
        var id = await matches.AddAsync(
            source, file.Name, asOf, isComplete, personalData.SealBytes(file.Content), checkedFile.Rows, checkedFile.Notes, actor, clock.GetUtcNow());
        worker.Wake();
        meters.Uploaded(file.Content.Length);
        return new StartedMatch(id, checkedFile.Rows);
    }

    /// <summary>Reads the whole list once without keeping it: counts rows, and finds damage before anything is written.</summary>
    private static (int Rows, Words Notes) Check(UploadedFile upload)
    {
        var file = RegisterFile.Open(upload.Name, upload.Content);
        var (rows, hidden) = FileNotes.Count(file, MatchLimits.MostRows);
        return (rows, FileNotes.Of(hidden, [], file.OtherSheets, isDemo: false));
    }

    public void Dispose() => _oneAtATime.Dispose();
}

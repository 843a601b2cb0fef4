namespace Voucher.Terminal.Kiosk;

/// <summary>What reads the codes here, as the page last said.</summary>
internal sealed class ReaderBoard(TimeProvider time)
{
    /// <summary>The page says it each minute; after so long without a word nobody knows.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(5);

    private sealed record Said(bool Camera, bool Scanner, long At);

    private volatile Said? _said;

    public bool? Camera => Known?.Camera;

    public bool? Scanner => Known?.Scanner;

    public void Tell(bool camera, bool scanner) => _said = new Said(camera, scanner, time.GetTimestamp());

    private Said? Known => _said is { } said && time.GetElapsedTime(said.At) <= KnownFor ? said : null;
}

/// <summary>The page tells which readers work: <c>POST /local/readers</c>.</summary>
internal static class ReaderReport
{
    /// <param name="Camera">The camera is open and gives pictures.</param>
    /// <param name="Scanner">A keyboard scanner has been heard since the page was opened.</param>
    public sealed record Readers(bool? Camera, bool? Scanner);

    public static void MapReaders(this RouteGroupBuilder local) => local.MapPost("/readers", (Readers said, ReaderBoard board) =>
    {
        board.Tell(said.Camera ?? false, said.Scanner ?? false);
        return Results.NoContent();
    });
}

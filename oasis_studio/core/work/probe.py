# Run by the Python that a person chose, whatever it is: it prints one line of JSON about itself.
# So it imports nothing of ours, and says nothing that an old Python cannot read.
import json
import sys

sys.path = [entry for entry in sys.path if entry]
NAMES = ("torch", "numpy", "PIL", "cv2", "safetensors", "platformdirs")


def version(name):
    try:
        module = __import__(name)
    except ImportError as error:
        missing = getattr(error, "name", None) or ""
        return None if missing.split(".")[0] == name else "! " + str(error)
    except Exception as error:  # a broken installation may fail in any way
        return "! " + str(error)
    return str(getattr(module, "__version__", ""))


def devices():
    try:
        torch = __import__("torch")
        if torch.cuda.is_available():
            return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
        mps = getattr(torch.backends, "mps", None)
        return ["Apple GPU"] if mps is not None and mps.is_available() else []
    except Exception:  # without a PyTorch that loads there is no device; the versions name what is wrong with it
        return []


print(
    json.dumps(
        {
            "python": list(sys.version_info[:3]),
            "versions": {name: version(name) for name in NAMES},
            "devices": devices(),
        }
    )
)
